"""The script other sites load: ``sdk.js``, served as it is written."""
