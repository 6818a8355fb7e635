"""Rules of learning: what makes data fit to train on, when a model may be published, when customers changed."""
