"""Why a person's mail is not answered by machine though its kind would be: it goes to staff instead."""
