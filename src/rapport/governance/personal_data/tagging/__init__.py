"""A linear sequence tagger for names, organisations, places and addresses.

Features of words (form, affixes, lists, frequency in lower and upper case) and of their neighbours are hashed into one
weight table; the best sequence of labels is found by Viterbi. Trained by `python -m evals.personal_data.training`.
"""
