using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>Bytes allocated for the events of a sentence, beyond the events themselves: the records, their strings and their words.</summary>
internal static class EventAllocation
{
    private const int Sentences = 500;
    private const int Rounds = 5;
    private const int FramesPerSentence = 20;
    private const int SentenceMilliseconds = 2000;
    private const int Interims = 6;
    private const int Words = 8;

    // Of a sentence of eight events, shared with the runtime's own threads.
    private const double Noise = 1;

    public static async Task<Budget> MeasureAsync()
    {
        await using var pump = await MemoryPump.StartAsync(sendsLater: false);
        var index = 0;
        await RoundAsync(Sentences);
        var kept = new List<TranscriptionEvent>(2 + Interims);
        pump.Keep(kept);
        await RoundAsync(1);
        pump.Keep(null);
        var expected = kept.Sum(SizeOfRecord) + SizeOfParts(kept);
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            least = Math.Min(least, await RoundAsync(Sentences));
        }

        return new($"bytes beyond the events of a sentence ({kept.Count} events, {Words} words)", (least / Sentences) - expected, Noise, "B",
            FormattableString.Invariant($"events: {expected} B, in all {least / Sentences:0.#} B"));

        async Task<double> RoundAsync(int sentences)
        {
            // Made before, so that making them doesn't count.
            var messages = Enumerable.Range(0, sentences).Select(next => MessagesOf(pump.TaskId, ++index, pump.Position + (next * SentenceMilliseconds))).ToList();
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var sentence = 0; sentence < sentences; sentence++)
            {
                await pump.SendAsync(FramesPerSentence);
                foreach (var message in messages[sentence])
                {
                    pump.Push(message);
                }
            }

            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    /// <summary>The messages of a sentence of 2 s.</summary>
    public static List<byte[]> MessagesOf(string taskId, int index, long begin)
    {
        var message = new byte[4096];
        List<byte[]> messages = [message[..ServiceMessages.Begin(message, taskId, index, begin)]];
        for (var interim = 1; interim <= Interims; interim++)
        {
            messages.Add(message[..ServiceMessages.Result(message, "TranscriptionResultChanged", taskId, index, begin, begin + (300 * interim), 0, 1)]);
        }

        messages.Add(message[..ServiceMessages.Result(message, "SentenceEnd", taskId, index, begin, begin + SentenceMilliseconds, Words, 1)]);
        return messages;
    }

    private static long SizeOfRecord(TranscriptionEvent transcriptionEvent) => Allocated(transcriptionEvent, static original => original switch
    {
        SentenceBegin begin => begin with { },
        TranscriptionResultChanged changed => changed with { },
        SentenceEnd end => end with { },
        _ => throw new InvalidOperationException("An event that wasn't sent."),
    });

    private static long SizeOfParts(IReadOnlyList<TranscriptionEvent> events)
    {
        var strings = events.OfType<TranscriptionResultChanged>().SelectMany(changed => new[] { changed.Text, changed.StableText })
            .Concat(events.OfType<SentenceEnd>().SelectMany(end => end.Words.Select(word => word.Text).Append(end.Text)))
            .Where(text => text.Length > 0)
            .Distinct(ReferenceEqualityComparer.Instance)
            .Cast<string>()
            .ToList();
        var words = events.OfType<SentenceEnd>().Select(end => end.Words).ToList();
        return strings.Sum(text => Allocated(text, static original => new string(original.AsSpan())))
            + words.Sum(list => Allocated(list.Count, static count => new Word[count]) + SizeOfList);
    }

    // A list is an object with one reference.
    private static long SizeOfList => Allocated(0, static _ => new StrongBox());

    private static long Allocated<T>(T original, Func<T, object> make)
    {
        make(original);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = make(original);
        var size = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(made);
        return size;
    }

    private sealed class StrongBox
    {
        public object? Content { get; set; }
    }
}
