"""The words of the project as plain values: requests, sampling, events, errors.

Standard library only, and no other room of the package: everything else imports this one.
"""
