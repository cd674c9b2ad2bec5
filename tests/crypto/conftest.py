"""Laws are tested without a clock: a busy machine breaks none of them."""

from hypothesis import settings

settings.register_profile("whistle", deadline=None)
settings.load_profile("whistle")
