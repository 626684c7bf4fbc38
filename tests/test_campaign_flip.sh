#!/bin/sh
# Single bits flipped at some of the places of scripts/campaign-flip: nothing ends well with other
# numbers.
# SPDX-License-Identifier: GPL-3.0-or-later
exec "$LACUNA_SOURCE/scripts/campaign-flip" --short
