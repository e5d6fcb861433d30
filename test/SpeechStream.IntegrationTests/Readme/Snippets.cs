// The snippets of the README and of the pages under src, compiled. ReadmeTests holds the pages against this file, so the layout is theirs.
#pragma warning disable IDE0011, IDE0055
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NAudio.Wave;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Readme;

internal static class Snippets
{
    public static async Task Two_services(bool useDashScope)
    {
SpeechStreamClientOptions nls = new()
{
    AppKey = "your app key",
    Credential = SpeechCredential.FromAccessKey("your access key id", "your access key secret"),
};
SpeechStreamClientOptions dashScope = new()
{
    Credential = SpeechCredential.FromApiKey("sk-your-key"), // no app key; Endpoint = SpeechEndpoints.ModelStudioSingapore for a key of that region
    SessionDefaults = new() { Model = "fun-asr-realtime", LanguageHints = ["en"] }, // default: paraformer-realtime-v2
};
await using var client = new SpeechStreamClient(useDashScope ? dashScope : nls);
    }

    public static async Task Own_session(SpeechStreamClient client, Stream source)
    {
await using var session = await client.StartSessionAsync(new() { EnableIntermediateResult = true });
var feeding = Task.Run(async () =>
{
    try
    {
        await source.CopyToAsync(session.Audio);
        await session.Audio.CompleteAsync();
    }
    catch (Exception e)
    {
        await session.Audio.CompleteAsync(e); // a source that fails ends the session, and Events throws this
    }
});

await foreach (var e in session.Events)
    Console.Write(e switch
    {
        TranscriptionResultChanged interim => $"\r{interim.Text}",
        SentenceEnd final => $"\r{final.Text}\n",
        Reconnected back => $"(back after {back.Outage})\n",
        _ => "",
    });
await feeding;
    }

    public static void Callback(Microphone microphone, TranscriptionSession session)
    {
microphone.DataAvailable += (_, captured) => session.TryWriteAudio(captured.BufferSpan);
    }

    public static void Injection(WebApplicationBuilder builder)
    {
// appsettings.json: { "SpeechStream": { "AppKey": "…", "AccessKeyId": "…", "AccessKeySecret": "…", "Endpoint": "Shanghai" } }
builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
    }

    public static async Task<Uri> Own_tests()
    {
await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Digest });
await using var client = new SpeechStreamClient(new()
{
    AppKey = "any",
    Credential = SpeechCredential.FromToken("any"),
    Endpoint = gateway.Endpoint,
});
        await client.PrewarmAsync();
        return gateway.Endpoint;
    }

    public static async Task Gateway()
    {
await using var gateway = await LocalGateway.StartAsync(new LocalGatewayOptions { Recognizer = Recognizer.Digest });
// NLS: gateway.Endpoint is ws://127.0.0.1:<port>/ws/v1; any token and app key will do unless the options say otherwise
// DashScope: gateway.DashScopeEndpoint is ws://127.0.0.1:<port>/api-ws/v1/inference; so will any API key
    }

    public static async Task From_the_Python_SDK(string appKey, string token)
    {
async Task ProcessAsync(SpeechStreamClient client)
{
    const string name = "nls-sample-16k.wav";
    var settings = new TranscriptionOptions
    {
        Format = AudioFormat.Pcm,
        SampleRate = 16000,
        EnableIntermediateResult = false,
        EnablePunctuationPrediction = true,
        EnableInverseTextNormalization = true,
    };
    try
    {
        await using var audio = File.OpenRead(name);
        await foreach (var e in
            client.TranscribeAsync(audio, settings))
        {
            Console.WriteLine(e switch
            {
                TranscriptionStarted => $"started: {e}",
                TranscriptionResultChanged changed =>
                    $"changed: file: {name}, task_id: {e.TaskId}, "
                    + $"result: {changed.Text}",
                SentenceBegin begin =>
                    $"begin: file: {name}, task_id: {e.TaskId}, "
                    + $"sentence_id: {begin.Index}, time: {begin.Time}",
                SentenceEnd end =>
                    $"end: file: {name}, task_id: {e.TaskId}, "
                    + $"sentence_id: {end.Index}, time: {end.Time}, "
                    + $"result: {end.Text}",
                TranscriptionCompleted => $"completed: {e}",
                TaskFailed failed =>
                    $"failed: task_id: {e.TaskId}, "
                    + $"status_text: {failed.StatusText}",
                ChannelClosed => "closed",
                _ => $"{e}", // Reconnecting, Reconnected, AudioGap, …
            });
        }
    }
    catch (Exception failure)
    {
        Console.WriteLine(failure.Message);
    }
}

using var logging = LoggerFactory.Create(builder =>
    builder.AddConsole().SetMinimumLevel(LogLevel.Information));
await using var client = new SpeechStreamClient(new()
{
    AppKey = appKey,
    Credential = SpeechCredential.FromToken(token),
}, logging);
await ProcessAsync(client);
await Task.WhenAll(
    ProcessAsync(client), ProcessAsync(client));
    }
}

/// <summary>The shape of NAudio's <c>WaveIn</c>, which exists on Windows only.</summary>
internal sealed class Microphone
{
    public event EventHandler<WaveInEventArgs>? DataAvailable;

    public void Hear(byte[] samples) => DataAvailable?.Invoke(this, new(samples, samples.Length));
}
