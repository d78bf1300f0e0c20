"""The commands of the command line that ask models: their arguments, their reports, their exit
codes. Knows how a comparison is run; the other commands are where their subject is."""
