"""The best policy within limits: levers of a policy moved until the goal is as high as budget, staff and waits allow.

A search moves the levers (`levers`) of a policy; each trial is simulated for the same people over the same draws of the
parameters (`sample`), so that trials differ by what is changed and little else. What is best (`goals`) and what is
allowed (`limits`) are means over draws. What is found is simulated again for many more people before it is believed
(`optimum`), and limits are priced by moving them and finding the best policy anew (`shadow_prices`).
"""
