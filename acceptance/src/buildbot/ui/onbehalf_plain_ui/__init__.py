"""An empty user interface: Debian packages the master without one, and it will not start so."""

from buildbot.www.plugin import Application

ep = Application(__name__, "Empty user interface")
