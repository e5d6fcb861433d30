// The snippets of the page "How do I …", compiled. ReadmeTests holds the page against this file, so the layout is the page's.
#pragma warning disable IDE0011, IDE0055, CA1848, CA1873
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace SpeechStream.IntegrationTests.Readme;

internal static class HowTo
{
    public static async Task Subtitles(IAsyncEnumerable<TranscriptionEvent> spoken, TextWriter written)
    {
static async Task WriteSubtitlesAsync(IAsyncEnumerable<TranscriptionEvent> events, TextWriter file)
{
    await foreach (var e in events)
        if (e is SentenceEnd { Text: not "" } sentence)
            await file.WriteAsync($"{sentence.Index}\n{Clock(sentence.BeginTime)} --> {Clock(sentence.Time)}\n{sentence.Text}\n\n");

    static string Clock(TimeSpan time) => $"{(int)time.TotalHours:00}:{time:mm\\:ss\\,fff}";
}
        await WriteSubtitlesAsync(spoken, written);
    }

    public static async Task Folder(SpeechStreamClient client, string folder)
    {
await Parallel.ForEachAsync(Directory.EnumerateFiles(folder, "*.wav"), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (path, cancellationToken) =>
{
    await using var audio = File.OpenRead(path);
    await using var text = File.CreateText(Path.ChangeExtension(path, ".txt"));
    await foreach (var e in client.TranscribeAsync(audio, cancellationToken: cancellationToken))
        if (e is SentenceEnd sentence)
            await text.WriteLineAsync(sentence.Text);
});
    }

    public static async Task Captions(SpeechStreamClient client, Stream audio, Action<string, string> draw)
    {
var options = new TranscriptionOptions { EnableIntermediateResult = true };
await foreach (var e in client.TranscribeAsync(audio, options))
    if (e is TranscriptionResultChanged interim)
        Show(interim.StableText, interim.Text.StartsWith(interim.StableText, StringComparison.Ordinal) ? interim.Text[interim.StableText.Length..] : "");
    else if (e is SentenceEnd sentence)
        Show(sentence.Text, "");

        void Show(string settled, string changing) => draw(settled, changing);
    }

    public static async Task Words(SpeechStreamClient client, Stream audio)
    {
var options = new TranscriptionOptions { EnableWords = true };
await foreach (var e in client.TranscribeAsync(audio, options))
    if (e is SentenceEnd sentence)
        foreach (var word in sentence.Words)
            Console.WriteLine($"{word.StartTime} - {word.EndTime}: {word.Text}");
    }

    public static TranscriptionOptions Names()
    {
var options = new TranscriptionOptions
{
    VocabularyId = "id of a hot-word list of the console",
    CustomizationId = "id of a customized model",
    AdditionalParameters = new Dictionary<string, JsonNode?> { ["a_parameter_without_a_property"] = true },
};
        return options;
    }

    public static SpeechStreamClientOptions Proxy()
    {
var options = new SpeechStreamClientOptions
{
    AppKey = "your app key",
    Credential = SpeechCredential.FromAccessKey("your access key id", "your access key secret"),
    ConfigureHandler = handler =>
    {
        handler.Proxy = new WebProxy("http://proxy:8080");
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None || certificate?.GetCertHashString(HashAlgorithmName.SHA256) == "the hash of yours";
    },
};
        return options;
    }

    public static void Captions(WebApplication app)
    {
app.UseStaticFiles(); // the module of the package, too
app.MapSpeechStream("/listen").RequireAuthorization();
    }

    public static void Posted(WebApplication app)
    {
app.MapPost("/captions", async Task<IResult> (HttpRequest request, SpeechStreamClient speech) =>
{
    var events = speech.TranscribeAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted).GetAsyncEnumerator();
    try
    {
        await events.MoveNextAsync(); // audio that can't be taken is refused here, before the answer begins
    }
    catch (ArgumentException refusal)
    {
        return TypedResults.Problem(refusal.Message, statusCode: StatusCodes.Status400BadRequest);
    }

    return TypedResults.ServerSentEvents(Captions(events));
}).WithMetadata(new DisableRequestSizeLimitAttribute()); // otherwise Kestrel takes 30 MB, a quarter of an hour

static async IAsyncEnumerable<string> Captions(IAsyncEnumerator<TranscriptionEvent> events)
{
    await using (events)
        do
            if (events.Current is SentenceEnd sentence)
                yield return sentence.Text;
        while (await events.MoveNextAsync());
}
    }

    public static void Transcripts(WebApplication app)
    {
app.MapPost("/transcript", async Task<IResult> (HttpRequest request, SpeechStreamClient speech, ILogger<SpeechStreamClient> logger) =>
{
    var text = new StringBuilder();
    try
    {
        await foreach (var e in speech.TranscribeAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted))
            if (e is SentenceEnd sentence)
                text.AppendLine(sentence.Text);
        return TypedResults.Text(text.ToString());
    }
    catch (ArgumentException refusal)
    {
        logger.LogInformation("A recording was refused: {Reason}", refusal.Message);
        return TypedResults.Problem("This recording can't be transcribed. Send a WAV file with 16-bit mono samples at 16 kHz.", statusCode: 415);
    }
});
    }
}
