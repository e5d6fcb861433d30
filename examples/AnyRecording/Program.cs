// Transcribes a recording of any format: music files, voice messages, videos.
//   dotnet run --project examples/AnyRecording -- meeting.m4a
// With NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET, the service transcribes; without, the local PocketSphinx (English).
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
    await using var gateway = Account.AppKey is null ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }) : null;
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = Account.AppKey ?? "local",
        Credential = gateway is null ? Account.Credential : SpeechCredential.FromToken("local"),
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
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
