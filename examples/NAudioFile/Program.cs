// Transcribes a WAV file of any sample rate, mono or stereo: NAudio converts it.
//   dotnet run --project examples/NAudioFile -- meeting.wav
// With NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET, the service transcribes; without, the local PocketSphinx (English).
using SpeechStream;
using SpeechStream.Gateway;

if (args is not [var path])
{
    Console.Error.WriteLine("Name a WAV file: dotnet run --project examples/NAudioFile -- meeting.wav");
    return 2;
}

try
{
    var appKey = Environment.GetEnvironmentVariable("NLS_APP_KEY");
    await using var gateway = appKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
    Console.Error.WriteLine(gateway is null ? "Transcribing on Alibaba Cloud" : "NLS_APP_KEY isn't set: the local PocketSphinx recognizer transcribes");
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = appKey ?? "local",
        Credential = gateway is not null ? SpeechCredential.FromToken("local")
            : Environment.GetEnvironmentVariable("NLS_TOKEN") is { } token ? SpeechCredential.FromToken(token)
            : Environment.GetEnvironmentVariable("ALIYUN_AK_ID") is { } id && Environment.GetEnvironmentVariable("ALIYUN_AK_SECRET") is { } secret
                ? SpeechCredential.FromAccessKey(id, secret)
            : throw new ArgumentException("NLS_APP_KEY is set, but neither NLS_TOKEN nor ALIYUN_AK_ID and ALIYUN_AK_SECRET."),
        Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai,
    });

    await foreach (var e in client.TranscribeAsync(Recording.Read(path).ToAsyncEnumerable()))
    {
        if (e is SentenceEnd sentence)
        {
            Console.WriteLine($"[{(int)sentence.BeginTime.TotalHours:00}:{sentence.BeginTime:mm\\:ss}] {sentence.Text}");
        }
        else if (e is ChannelClosed { Summary: { } summary } && summary.AudioWritten == TimeSpan.Zero)
        {
            throw new InvalidDataException("The recording has no audio.");
        }
    }

    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine($"{path}: {(failure is EndOfStreamException ? "The file is empty, or ends within its WAV header." : failure.Message)}");
    return 1;
}
