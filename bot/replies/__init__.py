"""How things are said: a request, a form, an answer or a refusal in; a Message with words or a card's data out."""
