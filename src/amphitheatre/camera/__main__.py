import sys

from amphitheatre.camera.main import main

raise SystemExit(main(sys.argv[1:]))
