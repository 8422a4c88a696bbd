"""The stock `openai` client where the service has no room: argument 1 is `retries` or `gives-up`."""

import os
import sys
import time

import openai

about = {"model": "cartoon", "messages": [{"role": "user", "content": "Hi"}]}


def retries():
    tries = []
    http_client = openai.DefaultHttpxClient(event_hooks={"response": [lambda response: tries.append((response.status_code, time.monotonic()))]})
    client = openai.OpenAI(max_retries=2, http_client=http_client)
    answer = client.chat.completions.create(**about)
    assert answer.choices[0].message.content == "Hello.", answer
    assert [status for status, _ in tries] == [429, 503, 200], tries
    waits = [later - earlier for (_, earlier), (_, later) in zip(tries, tries[1:])]
    assert all(wait > 1.9 for wait in waits), waits


def gives_up():
    client = openai.OpenAI(max_retries=0)
    fails(openai.RateLimitError, "rate_limited", lambda: client.with_options(api_key=os.environ["SPENT_KEY"]).chat.completions.create(**about))
    unscreenable = {**about, "messages": [{"role": "user", "content": os.environ["UNSCREENABLE"]}]}
    fails(openai.InternalServerError, "screening_unavailable", lambda: client.chat.completions.create(**unscreenable))
    fails(openai.APIError, "model_unavailable", lambda: list(client.chat.completions.create(**about, stream=True)))
    film = {"model": "cartoon", "extra_headers": {"Idempotency-Key": "python-1"}}
    video = client.videos.create(prompt="a star", **film)
    assert client.videos.create(prompt="a star", **film).id == video.id
    fails(openai.UnprocessableEntityError, "idempotency_mismatch", lambda: client.videos.create(prompt="a boat", **film))
    fails(openai.ConflictError, "conflict", lambda: client.videos.download_content(video.id))


def fails(kind, code, call):
    try:
        call()
    except kind as error:
        assert error.code == code, error
    else:
        raise AssertionError(f"{kind.__name__} was expected")


{"retries": retries, "gives-up": gives_up}[sys.argv[1]]()
print("worked")
