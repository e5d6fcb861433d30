// Transcribes a recording in real time: with no account on the local gateway, or with one on the service itself.
using SpeechStream;
using SpeechStream.Gateway;

var isScripted = args.Contains("--scripted");
try
{
    await using var gateway = Account.AppKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Listener() }) : null;
    Console.WriteLine(gateway is null ? "Transcribing on Alibaba Cloud" : isScripted ? "Local gateway, SCRIPTED: these words are read from a file" : "Local gateway, PocketSphinx recognizer");

    await using var client = new SpeechStreamClient(new()
    {
        AppKey = Account.AppKey ?? "local",
        Credential = gateway is null ? Account.Credential : SpeechCredential.FromToken("local"),
        Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai,
    });

    await using var recording = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"));
    await foreach (var e in client.TranscribeAsync(recording, new() { EnableIntermediateResult = true }))
    {
        if (e is TranscriptionResultChanged interim)
        {
            Console.Write(Console.IsOutputRedirected ? $"      … {interim.Text}\n" : $"\r\e[K      … {interim.Text}");
        }
        else if (e is SentenceEnd final)
        {
            Console.WriteLine($"{(Console.IsOutputRedirected ? "" : "\r\e[K")}[{Clock(final.BeginTime)} - {Clock(final.Time)}] {final.Text}");
        }
    }

    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static string Clock(TimeSpan time) => $"{(int)time.TotalHours:00}:{time:mm\\:ss\\.f}";

Recognizer Listener() => isScripted ? Recognizer.Script(Path.Combine(AppContext.BaseDirectory, "scripted.json")) : Recognizer.PocketSphinx;
