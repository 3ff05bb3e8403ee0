"""The forms that charts take, each drawn once: lines, bars, rows, planes, lives; with their axes, keys and labels.

A form knows colours, widths and where labels go, and nothing of what it shows: the subjects beside it read results.
"""
