// The snippets of the page of cassettes, compiled. ReadmeTests holds the page against this file, so the layout is the page's.
#pragma warning disable IDE0055
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Readme;

internal static class CassettePage
{
    public static async Task Record()
    {
using var file = File.Create("problem.cassette.jsonl");
await using var client = new SpeechStreamClient(new()
{
    AppKey = "…",
    Credential = SpeechCredential.FromToken("…"),
    Recorder = new CassetteRecorder(file),
});
    }

    public static async Task Replay()
    {
await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load("problem.cassette.jsonl")) });
    }
}
