using SpeechStream.Audio;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;
using SpeechStream.Session;
using SpeechStream.Session.Events;

namespace SpeechStream.Tests.Audio;

/// <summary>A <see cref="ReplayBuffer"/> with its schedule at 16 kHz, and a sender that takes whatever is due, in virtual time.</summary>
internal sealed class BufferUnderTest
{
    public const int BytesPerSecond = 32_000;
    public const int Chunk = 3_200;
    public const int LeadBytes = 16_000;

    private readonly byte[] _message = new byte[16_000];
    private readonly long _origin;

    public BufferUnderTest(double sendRate = 1, double catchUpRate = 2, double capacitySeconds = 60)
    {
        var rate = new AudioRate(BytesPerSecond / 2);
        _origin = Clock.GetTimestamp();
        Buffer = BufferOf(rate, new SendSchedule(rate, sendRate, catchUpRate, Clock), (long)(capacitySeconds * BytesPerSecond), Clock);
        Statistics = StatisticsOf(rate, Buffer, Clock);
        Connect();
    }

    public ManualTimeProvider Clock { get; } = new();

    public ReplayBuffer Buffer { get; }

    /// <summary>What was taken is counted here as sent.</summary>
    public SessionStatistics Statistics { get; }

    /// <summary>A buffer with a pool of its own.</summary>
    public static ReplayBuffer BufferOf(AudioRate? rate, SendSchedule? schedule, long capacity, TimeProvider time) =>
        new(new ReplayMemory(rate, schedule, capacity, time, new SegmentPool(SegmentPool.BulkBytes)));

    /// <summary>Statistics of a session that has only audio.</summary>
    public static SessionStatistics StatisticsOf(AudioRate rate, ReplayBuffer buffer, TimeProvider time) =>
        new(rate, buffer, new EventQueue(capacity: 1, new Signal(false), runContinuationsAsynchronously: false), new SentenceHistory(), time);

    /// <summary>The connection's place in the buffer.</summary>
    public SendCursor Cursor { get; private set; } = null!;

    /// <summary>Another connection takes the audio.</summary>
    public void Connect() => Cursor = Buffer.OpenCursor();

    /// <summary>The connection is lost; its task leaves nothing behind but perhaps a sentence.</summary>
    public IReadOnlyList<Gap> Rewind(bool sentenceOpen) => Cursor.Rewind(new TaskRemainder(0, [], sentenceOpen));

    /// <summary>Loses the connection and makes another.</summary>
    public IReadOnlyList<Gap> Reconnect(bool sentenceOpen)
    {
        var gaps = Rewind(sentenceOpen);
        Connect();
        return gaps;
    }

    /// <summary>Everything that was taken.</summary>
    public List<(double Time, long Offset, byte[] Bytes)> Messages { get; } = [];

    public long BytesTaken => Messages.Sum(message => (long)message.Bytes.Length);

    public double Now => Clock.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>The writer's way in: may exceed the capacity.</summary>
    public void Write(ReadOnlySpan<byte> audio) => Buffer.Append(audio);

    public void Write(double seconds) => Write(Audio(seconds));

    public static byte[] Audio(double seconds) => Simulation.LossOracle.Speech((int)(seconds * BytesPerSecond), 1);

    /// <summary>Takes what is due now.</summary>
    /// <returns>How much that was.</returns>
    public int TakeDue()
    {
        var taken = 0;
        while (TakeOne() is { Count: > 0 } next)
        {
            taken += next.Count;
        }

        return taken;
    }

    /// <summary>Takes what becomes due while time passes, never waiting less long than told.</summary>
    public void Send(double seconds)
    {
        var end = Now + seconds;
        while (true)
        {
            var next = TakeOne();
            if (next.Count > 0)
            {
                continue;
            }

            var left = TimeSpan.FromSeconds(end - Now);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            Clock.Advance(next.Wait == Timeout.InfiniteTimeSpan || next.Wait > left ? left : next.Wait);
        }
    }

    /// <summary>A live source: a chunk each 100 ms, taken when due.</summary>
    public void SendLive(double seconds, int frame = Chunk)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            Write(Simulation.LossOracle.Speech(frame, i));
            Send(0.1);
        }
    }

    private Outgoing TakeOne()
    {
        var next = Cursor.Take(_message);
        if (next.Count > 0)
        {
            Messages.Add((Now, next.Offset, _message[..next.Count]));
            Statistics.CountSent(next.Count, next.Offset);
        }

        return next;
    }
}
