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
    await using var gateway = Account.AppKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
    Console.Error.WriteLine(gateway is null ? "Transcribing on Alibaba Cloud" : "NLS_APP_KEY isn't set: the local PocketSphinx recognizer transcribes");
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = Account.AppKey ?? "local",
        Credential = gateway is null ? Account.Credential : SpeechCredential.FromToken("local"),
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
