using SpeechStream.Audio;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;

namespace SpeechStream.Session;

/// <summary>What lives as long as a session. <see cref="SessionLoop"/> and each connection's pump make of it what they need, and hand on no more than that.</summary>
internal sealed class SessionContext
{
    // Compressed formats can't be counted in time; they get as much memory as a minute of the common format.
    private const long CompressedCapacity = 1_920_000;
    private const long CompressedPause = 64_000;

    // This much unsent audio makes a flush wait while there is a connection.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="client">What the client's sessions share.</param>
    /// <param name="options">The session's, validated.</param>
    /// <exception cref="ArgumentException">A parameter of the options can't be written.</exception>
    public SessionContext(ClientContext client, TranscriptionOptions options)
    {
        var (time, runsAsynchronously) = (client.Options.TimeProvider, client.RunContinuationsAsynchronously);
        (Client, Options, Rate) = (client, options, options.Rate);
        Request = client.Protocol.CreateRequest(options);
        Work = new Signal(runsAsynchronously);
        Buffer = new ReplayBuffer(
            Rate,
            Rate is { } pcm ? new SendSchedule(pcm, options.SendRate, options.CatchUpRate, time) : null,
            Rate?.ToBytes(client.Options.ReplayWindow) ?? CompressedCapacity,
            time,
            client.Segments,
            isPacketed: options.Format == AudioFormat.Opu);
        Audio = new AudioIntake(
            Buffer,
            new IntakeHead(options.Format == AudioFormat.Wav ? options.SampleRate : null),
            Rate?.ToBytes(Pause) ?? CompressedPause,
            Work,
            runsAsynchronously);
        Events = new EventQueue(client.Options.EventCapacity, Work, runsAsynchronously);
        Controls = new ControlQueue(Request, Work);
        Statistics = new SessionStatistics(Rate, Buffer, Events, History, time);
        Telemetry = new SessionTelemetry(client.Options.Endpoint, time, client.Logger, Statistics);
    }

    public ClientContext Client { get; }

    public TranscriptionOptions Options { get; }

    /// <summary>Null for compressed formats.</summary>
    public AudioRate? Rate { get; }

    public ITaskRequest Request { get; }

    /// <summary>Set when the sender, or the session waiting without a connection, may have something to do.</summary>
    public Signal Work { get; }

    public ReplayBuffer Buffer { get; }

    public AudioIntake Audio { get; }

    public EventQueue Events { get; }

    public SentenceHistory History { get; } = new();

    public ControlQueue Controls { get; }

    public SessionStatistics Statistics { get; }

    public SessionTelemetry Telemetry { get; }
}
