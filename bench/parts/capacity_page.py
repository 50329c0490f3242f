"""stub"""
MEMORY_FOR_US = 0.6
def main(): return 0
