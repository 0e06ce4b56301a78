"""What a message means: the intent classifier of `config.yml`, in Rasa's environment."""
