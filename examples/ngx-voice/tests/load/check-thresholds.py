#!/usr/bin/env python3
"""Fails if Locust's statistics are worse than what is allowed."""

import argparse
import csv
import sys

parser = argparse.ArgumentParser()
parser.add_argument("statistics")
parser.add_argument("--average", type=float, help="milliseconds")
parser.add_argument("--failures", type=float, help="share of the requests")
limits = parser.parse_args()

with open(limits.statistics, newline="", encoding="utf-8") as file:
    total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
requests = int(total["Request Count"])
average = float(total["Average Response Time"])
failures = int(total["Failure Count"]) / requests if requests else 1.0
print(f"{requests} requests, {average:.0f} ms on average, {failures:.2%} failed")
sys.exit(average >= limits.average or failures >= limits.failures)
