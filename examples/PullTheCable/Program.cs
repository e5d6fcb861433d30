// Cuts the connection of a running transcription several times, and shows what is left of it: with SpeechStream, and with a
// plain client that connects again but doesn't send again.
using PullTheCable;
using SpeechStream;
using SpeechStream.Gateway;

double[] seconds = [2.3, 6.1, 9.7, 13.4, 17.9];
TimeSpan[] pulls = [.. seconds.Select(TimeSpan.FromSeconds)];
var samples = LiveAudio.Load();

// A recognizer on a busy machine is slow, and not dead. The default limits are for a service that keeps up with speech.
var patience = TimeSpan.FromMinutes(2);

Console.WriteLine($"The cable of two clients is pulled {pulls.Length} times while they listen to {samples.Length / 32_000.0:0.0} s of live audio.");
var digest = ShowAsync("A recognizer whose text is a hash of the bytes that it heard", Recognizer.Digest);
var words = ShowAsync("A real recognizer (PocketSphinx)", Recognizer.PocketSphinx);
var isWhole = true;
foreach (var showing in new[] { digest, words })
{
    try
    {
        var report = await showing;
        Print(report);
        isWhole &= report.IsWhole;
    }
    catch (RecognizerUnavailableException exception)
    {
        Console.WriteLine($"\nThe real recognizer isn't shown: {exception.Message}");
    }
    catch (SpeechStreamException exception)
    {
        Console.WriteLine($"\nA session failed: {exception.Message}");
        isWhole = false;
    }
}

return isWhole ? 0 : 1;

async Task<Report> ShowAsync(string title, Recognizer recognizer)
{
    await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = recognizer });
    using var plainClient = new PlainClient(gateway.Endpoint, new Cable(pulls));
    var undisturbed = TranscribeAsync(gateway.Endpoint, new Cable());
    var replayed = TranscribeAsync(gateway.Endpoint, new Cable(pulls));
    var lossy = plainClient.TranscribeAsync(samples, patience);
    var (calm, _) = await undisturbed;
    var (sentences, summary) = await replayed;
    return new(title, calm, sentences, await lossy, summary);
}

async Task<(List<Sentence> Sentences, SessionSummary Summary)> TranscribeAsync(Uri endpoint, Cable cable)
{
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = "local",
        Credential = SpeechCredential.FromToken("local"),
        Endpoint = endpoint,
        ConfigureHandler = cable.Plug,
        ConnectTimeout = patience,
        StartTimeout = patience,
        StopTimeout = patience,
        PingInterval = patience * 2,
        PingTimeout = patience,
    });
    await using var session = await client.StartSessionAsync(new() { EnableIntermediateResult = true });
    var feeding = Task.Run(async () =>
    {
        await foreach (var frame in LiveAudio.ListenAsync(samples))
        {
            session.TryWriteAudio(frame.Span);
        }

        session.Audio.Complete();
    });
    var sentences = new List<Sentence>();
    await foreach (var e in session.Events)
    {
        if (e is TranscriptionResultChanged interim)
        {
            cable.PullAt(interim.Time);
        }
        else if (e is SentenceEnd end)
        {
            sentences.Add(new(end.BeginTime, end.Text));
        }
    }

    await feeding;
    return (sentences, await session.Completion);
}

static void Print(Report report)
{
    Console.WriteLine($"\n== {report.Title}");
    Column("undisturbed", report.Calm);
    Column("SpeechStream, cable pulled", report.Replayed);
    Column("plain client, cable pulled", report.Lossy);
    var words = WordDifference(report.Calm, report.Replayed);
    Console.WriteLine(report.IsWhole
        ? $"   SpeechStream: equal to the letter, times included ({report.Summary.Reconnects} reconnects, {report.Summary.AudioReplayed.TotalSeconds:0.0} s sent again, {report.Summary.AudioLost.TotalSeconds:0.0} s lost)"
        : $"   SpeechStream: {words.Different} of {words.All} words differ ({report.Summary.Reconnects} reconnects, {report.Summary.AudioReplayed.TotalSeconds:0.0} s sent again, {report.Summary.AudioLost.TotalSeconds:0.0} s lost)");
    words = WordDifference(report.Calm, report.Lossy);
    Console.WriteLine($"   plain client: {words.Different} of {words.All} words differ or are missing");
}

static void Column(string title, List<Sentence> sentences)
{
    Console.WriteLine($"   {title}:");
    sentences.ForEach(sentence => Console.WriteLine($"      {sentence}"));
}

// Levenshtein's distance over words.
static (int Different, int All) WordDifference(List<Sentence> expected, List<Sentence> actual)
{
    string[] Words(List<Sentence> sentences) => [.. sentences.SelectMany(sentence => sentence.Text.Split(' '))];
    var (left, right) = (Words(expected), Words(actual));
    var row = Enumerable.Range(0, right.Length + 1).ToArray();
    for (var i = 1; i <= left.Length; i++)
    {
        var diagonal = row[0];
        row[0] = i;
        for (var j = 1; j <= right.Length; j++)
        {
            (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }
    }

    return (row[^1], left.Length);
}

internal sealed record Report(string Title, List<Sentence> Calm, List<Sentence> Replayed, List<Sentence> Lossy, SessionSummary Summary)
{
    /// <summary>Nothing was lost: the same sentences at the same times, and no audio without a final.</summary>
    public bool IsWhole => Calm.SequenceEqual(Replayed) && Summary.AudioLost == TimeSpan.Zero;
}
