"""Callers who ask whether the agent is there."""

import os

from locust import HttpUser, between, task


class Caller(HttpUser):
    wait_time = between(1, 3)

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {os.environ.get('API_TOKEN', '')}"

    @task
    def greet(self) -> None:
        self.client.get("/health")
