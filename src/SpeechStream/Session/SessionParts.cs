using SpeechStream.Audio;
using SpeechStream.Protocol;

namespace SpeechStream.Session;

/// <summary>What a session consists of for as long as it lives. What belongs to one connection is in <see cref="ConnectionPump"/>.</summary>
internal sealed class SessionParts
{
    // Compressed formats can't be counted in time; they get as much memory as a minute of the common format.
    private const long CompressedCapacity = 1_920_000;
    private const long CompressedPause = 64_000;

    // This much unsent audio makes a flush wait while a connection stands.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public SessionParts(ClientContext client, TranscriptionOptions options)
    {
        var time = client.Options.TimeProvider;
        var rate = options.Rate;
        Client = client;
        Options = options;
        Rate = rate;
        Request = client.Protocol.CreateRequest(options);
        Work = new Signal(client.RunContinuationsAsynchronously);
        Buffer = new ReplayBuffer(
            rate,
            rate is { } pcm ? new SendSchedule(pcm, options.SendRate, options.CatchUpRate, time) : null,
            rate?.ToBytes(client.Options.ReplayWindow) ?? CompressedCapacity,
            time,
            client.Segments);
        Audio = new AudioIntake(
            Buffer,
            options.Format == AudioFormat.Wav ? new WaveIntake(options.SampleRate) : null,
            rate?.ToBytes(Pause) ?? CompressedPause,
            Work,
            client.RunContinuationsAsynchronously);
        Events = new EventQueue(client.Options.EventCapacity, Work, client.RunContinuationsAsynchronously);
        Telemetry = new SessionTelemetry(this);
        Timeline = new Timeline(Buffer, Events, Telemetry, client.Logger);
        Controls = new ControlQueue(Request, Work);
        Statistics = new SessionStatistics(this);
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

    public Timeline Timeline { get; }

    public ControlQueue Controls { get; }

    public SessionStatistics Statistics { get; }

    public SessionTelemetry Telemetry { get; }
}
