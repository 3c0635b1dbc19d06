def calibrate(*a, **k): raise NotImplementedError
def report(x): return ""
