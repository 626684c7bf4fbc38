#!/bin/sh
# Killed at some of the moments of scripts/campaign-kill, a run leaves whole frames and ends alike.
# SPDX-License-Identifier: GPL-3.0-or-later
exec "$LACUNA_SOURCE/tests/with-python" "$LACUNA_SOURCE/scripts/campaign-kill" --short
