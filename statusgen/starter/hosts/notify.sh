# Looks at what residents see, notifies subscribers of what is new, and reminds staff of what they promised. The workflow
# beside it runs it after each publication. Subscribers and staff are those of the channels under notify: in
# services.yaml.
#
# With the word "wait" it gives what was published a moment ago some minutes: a cache of the host can still show the old
# page, and nobody is notified of what residents cannot see yet.
#
# Each of the three runs, even if one before it found something. The exit code is 0 if nobody has to look at anything, 5 if
# staff have something to do that is printed here, because no channel is for staff, and otherwise that of a command that
# failed.

code=0
statusgen publish --check || code=$?

pauses=0
if [ "$1" = wait ]; then pauses="0 20 60 180"; fi
for pause in $pauses; do
  sleep "$pause"
  sent=0
  statusgen notify || sent=$?
  if [ "$sent" -ne 4 ]; then break; fi
done
if [ "$sent" -ne 0 ]; then code=$sent; fi

reminded=0
statusgen remind || reminded=$?
if [ "$code" -eq 0 ]; then code=$reminded; fi
exit "$code"
