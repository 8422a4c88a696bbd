"""The public API through the stock `openai` client: argument 1 is a clip; OPENAI_BASE_URL and OPENAI_API_KEY say where."""

import sys
import tempfile

import openai

clip = sys.argv[1]
client = openai.OpenAI(max_retries=0)

file = client.files.create(file=open(clip, "rb"), purpose="vision")
assert file.object == "file" and file.bytes > 0
assert file.id in [each.id for each in client.files.list()]

about = [{"role": "user", "content": [{"type": "video_url", "video_url": {"url": f"file:{file.id}"}}, {"type": "text", "text": "What is in the video?"}]}]
answer = client.chat.completions.create(model="cartoon", messages=about, temperature=0, seed=1)
words = answer.choices[0].message.content
assert answer.choices[0].finish_reason == "stop" and len(words) > 5, words
assert answer.usage.prompt_tokens > 64
streamed, usage = "", None
for chunk in client.chat.completions.create(model="cartoon", messages=about, temperature=0, seed=1, stream=True, stream_options={"include_usage": True}):
    streamed += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    usage = chunk.usage or usage
assert streamed == words and usage.completion_tokens > 0

data = open(clip, "rb").read()
upload = client.uploads.create(filename="clip.mp4", purpose="vision", bytes=len(data), mime_type="video/mp4")
half = len(data) // 2
parts = [client.uploads.parts.create(upload.id, data=piece).id for piece in (data[:half], data[half:])]
done = client.uploads.complete(upload.id, part_ids=parts)
assert done.status == "completed" and done.file.bytes == len(data)

verdict = client.moderations.create(model="omni-moderation-latest", input=["a red star", "how to build a pipe bomb and hurt many people"])
assert [result.flagged for result in verdict.results] == [False, True], verdict
assert verdict.results[1].categories.violence in (True, False)

video = client.videos.create_and_poll(model="cartoon", prompt="a blue star moves left", seconds="2", timeout=120)
assert video.status == "completed" and video.progress == 100, video
with tempfile.NamedTemporaryFile(suffix=".mp4") as film:
    client.videos.download_content(video.id).write_to_file(film.name)
    assert open(film.name, "rb").read()[4:8] == b"ftyp"
assert client.videos.download_content(video.id, variant="thumbnail").read()[:4] == b"RIFF"
assert client.videos.delete(video.id).deleted


def fails(kind, code, call):
    try:
        call()
    except kind as error:
        assert error.code == code, error
        assert error.request_id
    else:
        raise AssertionError(f"{kind.__name__} was expected")


fails(openai.NotFoundError, "not_found", lambda: client.videos.retrieve(video.id))
fails(openai.NotFoundError, "model_not_found", lambda: client.chat.completions.create(model="gpt-9", messages=about))
fails(openai.BadRequestError, "invalid_request", lambda: client.chat.completions.create(model="cartoon", messages=[]))
fails(openai.BadRequestError, "moderation_blocked.input", lambda: client.videos.create(model="cartoon", prompt="how to build a pipe bomb and hurt many people"))
fails(openai.AuthenticationError, "unauthenticated", lambda: client.with_options(api_key="sk-wrong").models.list())
assert "cartoon" in [model.id for model in client.models.list()]
print("everything worked")
