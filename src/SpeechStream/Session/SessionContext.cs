using SpeechStream.Audio;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;
using SpeechStream.Protocol;
using SpeechStream.Session.Events;
using SpeechStream.Session.Recording;

namespace SpeechStream.Session;

/// <summary>
/// Holds the objects that live as long as a session. <see cref="SessionLoop"/> and each connection's pump build their parts from it, and give each part only what it needs.
/// </summary>
internal sealed class SessionContext
{
    // The duration of compressed audio isn't known from its bytes. It gets as much memory as a minute of PCM at 16 kHz.
    private const long CompressedCapacity = 1_920_000;
    private const long CompressedPause = 64_000;

    // A flush waits when more audio than this is unsent while there is a connection.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="client">What the sessions of the client share.</param>
    /// <param name="options">The options of the session, validated.</param>
    /// <exception cref="ArgumentException">A parameter in the options can't be written as JSON.</exception>
    public SessionContext(ClientContext client, TranscriptionOptions options)
    {
        var (time, runsAsynchronously) = (client.Options.TimeProvider, client.RunContinuationsAsynchronously);
        (Client, Options, Rate) = (client, options, options.Rate);
        Recording = client.Options.Recorder?.BeginSession(client, Rate);
        From = options.ResumeFrom.GetValueOrDefault();
        History = new SentenceHistory(From);
        Request = client.Protocol.CreateRequest(options);
        Work = new Signal(runsAsynchronously);
        var schedule = Rate is { } pcm ? new SendSchedule(pcm, options.SendRate, options.CatchUpRate, time) : null;
        Segments = schedule is { IsPaced: true } ? client.LiveSegments : client.BulkSegments;
        Buffer = new ReplayBuffer(new ReplayMemory(Rate, schedule, Rate?.ToBytes(client.Options.ReplayWindow) ?? CompressedCapacity, time, Segments)
        {
            IsPacketed = options.Format == AudioFormat.Opu,
            IsResumed = From.Time > TimeSpan.Zero,
        });
        Audio = new AudioIntake(
            Buffer,
            new IntakeHead(options.Format == AudioFormat.Wav ? options.SampleRate : null),
            Rate?.ToBytes(Pause) ?? CompressedPause,
            Work,
            runsAsynchronously);
        Events = new EventQueue(client.Options.EventCapacity, Work, runsAsynchronously);
        Controls = new ControlQueue(Request, Work);
        Statistics = new SessionStatistics(Rate, Buffer, Events, History, time);
        Telemetry = new SessionTelemetry(client.Options.Endpoint, client.Options.Service, time, client.Logger, Statistics);
    }

    public ClientContext Client { get; }

    public TranscriptionOptions Options { get; }

    /// <summary>Null for compressed formats.</summary>
    public AudioRate? Rate { get; }

    /// <summary>Where an earlier session ended; zero when there was none.</summary>
    public ResumePoint From { get; }

    /// <summary>Null when the session isn't recorded.</summary>
    public SessionRecording? Recording { get; }

    public ITaskRequest Request { get; }

    /// <summary>Set when there may be something to do for the sender, or for the session while it waits without a connection.</summary>
    public Signal Work { get; }

    /// <summary>Provides the memory of <see cref="Buffer"/>.</summary>
    public SegmentPool Segments { get; }

    public ReplayBuffer Buffer { get; }

    public AudioIntake Audio { get; }

    public EventQueue Events { get; }

    public SentenceHistory History { get; }

    public ControlQueue Controls { get; }

    public SessionStatistics Statistics { get; }

    public SessionTelemetry Telemetry { get; }

    /// <summary>The time of an offset of the caller's audio, as events have it; null for compressed formats.</summary>
    public TimeSpan? ToTime(long bytes) => From.Time + Rate?.ToTime(bytes);
}
