// Transcribes a WAV file of any sample rate, mono or stereo: NAudio converts it.
//   dotnet run --project examples/NAudioFile -- meeting.wav
using NAudioFile;
using SpeechStream;
using SpeechStream.Gateway;

var appKey = Environment.GetEnvironmentVariable("NLS_APP_KEY");
await using var gateway = appKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
await using var client = new SpeechStreamClient(new()
{
    AppKey = appKey ?? "local",
    Credential = gateway is null
        ? SpeechCredential.FromAccessKey(Environment.GetEnvironmentVariable("ALIYUN_AK_ID")!, Environment.GetEnvironmentVariable("ALIYUN_AK_SECRET")!)
        : SpeechCredential.FromToken("local"),
    Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai,
});

await foreach (var e in client.TranscribeAsync(Recording.Read(args[0]).ToAsyncEnumerable()))
{
    if (e is SentenceEnd sentence)
    {
        Console.WriteLine($"[{(int)sentence.BeginTime.TotalHours:00}:{sentence.BeginTime:mm\\:ss}] {sentence.Text}");
    }
}
