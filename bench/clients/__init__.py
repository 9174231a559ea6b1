"""The clients whose puts are compared, a module each: importing one loads nothing of the others."""
