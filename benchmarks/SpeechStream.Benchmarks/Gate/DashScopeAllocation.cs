using System.Text;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Protocol.DashScope;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>Bytes that the reader of DashScope's messages allocates for a final result beyond its text and its words, whose punctuation it joins with their texts.</summary>
internal static class DashScopeAllocation
{
    private const int Words = 8;
    private const int Messages = 1000;

    public static Budget Measure()
    {
        var words = string.Join(',', Enumerable.Range(0, Words).Select(word =>
            $$"""{"begin_time":{{word * 100}},"end_time":{{(word * 100) + 90}},"text":"word{{word}}","punctuation":",","fixed":false,"speaker_id":null}"""));
        const string message = """
            {"header":{"task_id":"t","event":"result-generated","attributes":{}},"payload":{"output":{"sentence":{"sentence_id":1,"begin_time":0,"end_time":900,
            "text":"a sentence of eight words.","sentence_end":true,"words":[WORDS]}},"usage":{"duration":2}}}
            """;
        var final = Encoding.UTF8.GetBytes(message.Replace("WORDS", words, StringComparison.Ordinal));
        var (reader, into) = (new MessageReader("t", new Redactor(), wantsInterimResults: true, wantsWords: true), new ServerMessage());
        Read(1);
        var read = Read(Messages);
        var kept = Allocated(() => Keep(into)) * Messages;
        return new("bytes that a final of DashScope needs beyond its text and words", (read - kept) / (double)Messages, 0, "B", $"kept: {kept / Messages} B");

        long Read(int count) => Allocated(() =>
        {
            for (var i = 0; i < count; i++)
            {
                reader.Read(final, into);
            }
        });
    }

    /// <summary>Makes again what a message keeps.</summary>
    private static void Keep(ServerMessage message)
    {
        GC.KeepAlive(new string(message.Result.AsSpan()));
        var words = new Word[message.Words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = message.Words[i] with { Text = new string(message.Words[i].Text.AsSpan()) };
        }

        GC.KeepAlive(words);
    }

    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
