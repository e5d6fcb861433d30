// Transcribes a recording of any format: music files, voice messages, videos.
//   dotnet run --project examples/AnyRecording -- meeting.m4a
using SpeechStream;
using SpeechStream.Gateway;
using SpeechStream.Media;

if (args is not [var path])
{
    Console.Error.WriteLine("Name a recording: dotnet run --project examples/AnyRecording -- meeting.m4a");
    return 2;
}

try
{
    var appKey = Environment.GetEnvironmentVariable("NLS_APP_KEY");
    await using var gateway = appKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = appKey ?? "local",
        Credential = gateway is null
            ? SpeechCredential.FromAccessKey(Environment.GetEnvironmentVariable("ALIYUN_AK_ID")!, Environment.GetEnvironmentVariable("ALIYUN_AK_SECRET")!)
            : SpeechCredential.FromToken("local"),
        Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai,
        StopTimeout = TimeSpan.FromMinutes(1), // a local recognizer on a busy machine falls behind
    });

    await using var source = await AudioSource.OpenAsync(path);
    var found = source.Found;
    Console.WriteLine($"{found.Format} {found.Codec}, {found.SampleRate} Hz, {(found.Channels == 1 ? "1 channel" : $"{found.Channels} channels")}, {found.Duration?.ToString() ?? "length unknown"}, decoded by {found.DecodedBy}");

    await foreach (var e in client.TranscribeAsync(source.ReadAsync()))
    {
        if (e is SentenceEnd sentence)
        {
            Console.WriteLine($"[{(int)sentence.BeginTime.TotalHours:00}:{sentence.BeginTime:mm\\:ss}] {sentence.Text}");
        }
    }

    foreach (var warning in source.Warnings)
    {
        Console.WriteLine(warning);
    }

    return 0;
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or DecoderUnavailableException or RecognizerUnavailableException or SpeechStreamException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
