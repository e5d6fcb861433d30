// The snippets of the page "Test your own code", compiled. ReadmeTests holds the page against this file, so the layout is the page's.
#pragma warning disable IDE0011, IDE0055
using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Readme;

internal static class TestingPage
{
    public static async Task<string> Words()
    {
await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("good morning", "good bye") });
await using var speech = new SpeechStreamClient(new()
{
    AppKey = "any",
    Credential = SpeechCredential.FromToken("any"),
    Endpoint = gateway.Endpoint,
    SessionDefaults = new() { SendRate = double.PositiveInfinity },
});

var captions = await new Captions(speech).OfAsync(new MemoryStream(new byte[32_000]));
// "good morning", "good bye"
        return captions;
    }

    public static async Task<string> No_service()
    {
await using var speech = new SpeechStreamClient(new()
{
    AppKey = "any",
    Credential = SpeechCredential.FromToken("any"),
    Endpoint = new Uri("ws://127.0.0.1:1/"),
    MaxReconnectAttempts = 0,
});
// new Captions(speech).OfAsync(…) throws a SpeechConnectionException at once
        return await new Captions(speech).OfAsync(new MemoryStream(new byte[32_000]));
    }

    public static IAsyncEnumerable<TranscriptionEvent> Events()
    {
static async IAsyncEnumerable<TranscriptionEvent> FailAfterAWord()
{
    yield return new TranscriptionStarted { TaskId = "task" };
    yield return new SentenceEnd { Index = 1, Time = TimeSpan.FromSeconds(2), Text = "good morning" };
    await Task.CompletedTask;
    throw new SpeechConnectionException("The network is down.") { IsTransient = true };
}
        return FailAfterAWord();
    }
}

internal sealed class Captions(SpeechStreamClient speech)
{
    public async Task<string> OfAsync(Stream audio)
    {
        var text = new StringBuilder();
        await foreach (var e in speech.TranscribeAsync(audio))
            if (e is SentenceEnd sentence)
                text.AppendLine(sentence.Text);
        return text.ToString();
    }
}
