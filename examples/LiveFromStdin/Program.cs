// Captions of what comes in on standard input, while it comes in: 16 kHz, 16-bit, mono, raw or WAV.
//   arecord -q -f S16_LE -r 16000 -c 1 | dotnet run -c Release --project examples/LiveFromStdin
//   ffmpeg -loglevel error -i URL -f s16le -ar 16000 -ac 1 - | dotnet run -c Release --project examples/LiveFromStdin
// With NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET, the service transcribes; without, the local PocketSphinx (English).
using SpeechStream;
using SpeechStream.Gateway;

try
{
    await using var gateway = Account.AppKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
    Console.Error.WriteLine(gateway is null ? "Transcribing on Alibaba Cloud" : "NLS_APP_KEY isn't set: the local PocketSphinx recognizer transcribes");
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = Account.AppKey ?? "local",
        Credential = gateway is null ? Account.Credential : SpeechCredential.FromToken("local"),
        Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai,
    });

    // The first Ctrl+C ends the recorder in the pipe; what it sent until then is still transcribed. A second one ends this program.
    var isPressed = false;
    Console.CancelKeyPress += (_, key) => (key.Cancel, isPressed) = (!isPressed, true);

    await foreach (var e in client.TranscribeAsync(Console.OpenStandardInput()))
    {
        if (e is SentenceEnd sentence)
        {
            Console.WriteLine($"[{(int)sentence.BeginTime.TotalHours:00}:{sentence.BeginTime:mm\\:ss}, {sentence.Latency?.TotalMilliseconds:0} ms late] {sentence.Text}");
        }
    }

    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
