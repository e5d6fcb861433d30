using SpeechStream;
using SpeechStream.Media;

await using var client = new SpeechStreamClient(new()
{
    AppKey = "your app key",
    Credential = SpeechCredential.FromAccessKey("your access key id", "your access key secret"),
});

await using var source = await AudioSource.OpenAsync("meeting.m4a");
await foreach (var e in client.TranscribeAsync(source.ReadAsync()))
{
    if (e is SentenceEnd sentence)
    {
        Console.WriteLine($"[{sentence.BeginTime:hh\\:mm\\:ss}] {sentence.Text}");
    }
}

foreach (var warning in source.Warnings)
{
    Console.Error.WriteLine(warning); // cut off, damaged, longer than its header says
}
