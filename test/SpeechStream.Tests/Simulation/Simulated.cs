using Microsoft.Extensions.Logging;

namespace SpeechStream.Tests.Simulation;

/// <summary>A session in virtual time: one thread runs the client, the service and the caller, so that every run is the same.</summary>
internal sealed class Simulated : IDisposable
{
    private readonly IAsyncEnumerator<TranscriptionEvent> _events;
    private readonly CancellationTokenSource _consumer = new();
    private Task<bool>? _next;

    public Simulated(Func<Fate>? nextFate = null, Action<SpeechStreamClientOptions>? configure = null, TranscriptionOptions? options = null, ILoggerFactory? log = null)
    {
        var isDashScope = BothServices.IsDashScope;
        Service = new FakeService(BothServices.Service, Clock, nextFate ?? (() => new Fate()), options?.SampleRate ?? 16000) { IsEncoded = options?.Encoder is HoldingEncoder };
        var clientOptions = new SpeechStreamClientOptions
        {
            AppKey = "app-key",
            Credential = BothServices.FixedCredential("token"),
            TimeProvider = Clock,
            ReconnectDelay = TimeSpan.Zero,
        };
        configure?.Invoke(clientOptions);
        Client = new SpeechStreamClient(clientOptions, log, Service.ConnectAsync, runContinuationsAsynchronously: false, new Random(1).NextDouble);

        // Getting a token is a task of the thread pool; afterwards it is there.
        Client.Context.Tokens.GetAsync(default).AsTask().GetAwaiter().GetResult();

        Session = Client.CreateSession(isDashScope ? WithAllResults(options ?? clientOptions.SessionDefaults ?? new()) : options);
        _events = Session.Events.GetAsyncEnumerator(_consumer.Token);
    }

    /// <summary>A session that is started, without pacing and filler unless told so, whose service says only what the test says.</summary>
    /// <param name="seconds">So much audio is sent already.</param>
    /// <param name="configure">Changes the client's options.</param>
    /// <param name="options">The session's.</param>
    /// <param name="fates">Of the connections; the last is also that of all further ones.</param>
    public static Simulated Scripted(double seconds = 0, Action<SpeechStreamClientOptions>? configure = null, TranscriptionOptions? options = null, params Fate[] fates)
    {
        var run = new Simulated(
            Fate.Sequence(fates.Length == 0 ? [new Fate { Deaf = true }] : fates),
            configure,
            options ?? new() { SendRate = double.PositiveInfinity, CatchUpRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan });
        run.StartNow();
        if (seconds > 0)
        {
            run.Write(LossOracle.Speech((int)(seconds * 32_000), 1));
            run.Settle();
        }

        return run;
    }

    public ManualTimeProvider Clock { get; } = new();

    public SpeechStreamClient Client { get; }

    public FakeService Service { get; }

    public TranscriptionSession Session { get; }

    public List<TranscriptionEvent> Events { get; } = [];

    /// <summary>The consumer reads whatever comes; otherwise only when <see cref="Read"/> is called.</summary>
    public bool ReadsAll { get; set; } = true;

    /// <summary>What the enumeration threw.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>The enumeration has ended, one way or the other.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Once the session is over.</summary>
    public SessionSummary Summary => Session.Completion.IsCompleted ? Session.Completion.Result : throw new InvalidOperationException("The session isn't over.");

    /// <summary>The events of one kind, in order.</summary>
    public List<T> All<T>()
        where T : TranscriptionEvent => [.. Events.OfType<T>()];

    public Task Start() => Session.StartAsync();

    /// <summary>The client takes no result from DashScope that isn't asked for, whereas the service in memory sends what the test says.</summary>
    private static TranscriptionOptions WithAllResults(TranscriptionOptions options) => options with
    {
        EnableIntermediateResult = options.EnableIntermediateResult ?? true,
        EnableWords = options.EnableWords ?? true,
    };

    public void Dispose()
    {
        Client.Dispose();
        _consumer.Dispose();
    }

    public void CancelConsumer() => _consumer.Cancel();

    /// <summary>Lets time pass; the consumer reads on the way.</summary>
    public void Advance(TimeSpan time)
    {
        Clock.Advance(time);
        if (ReadsAll)
        {
            Read(int.MaxValue);
        }
    }

    public void Advance(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The consumer reads this many events, as far as there are any.</summary>
    public void Read(int most)
    {
        while (!IsOver && most > 0)
        {
            _next ??= _events.MoveNextAsync().AsTask();
            if (!_next.IsCompleted)
            {
                return;
            }

            var next = _next;
            _next = null;
            most--;
            try
            {
                if (next.GetAwaiter().GetResult())
                {
                    Events.Add(_events.Current);
                }
                else
                {
                    IsOver = true;
                }
            }
            catch (Exception exception)
            {
                (Thrown, IsOver) = (exception, true);
            }
        }
    }

    /// <summary>Lets time pass until the enumeration has ended.</summary>
    public void AdvanceToEnd(TimeSpan most)
    {
        var step = TimeSpan.FromMilliseconds(500);
        for (var passed = TimeSpan.Zero; !IsOver && passed < most; passed += step)
        {
            Advance(step);
        }
    }

    /// <summary>Starts, and lets a moment pass.</summary>
    public Task StartNow()
    {
        var started = Start();
        Advance(TimeSpan.FromMilliseconds(1));
        return started;
    }

    /// <summary>Lets a part of a chunk be sent, and the consumer read.</summary>
    public void Settle() => Advance(TimeSpan.FromMilliseconds(101));

    public Task<System.IO.Pipelines.FlushResult> Write(ReadOnlySpan<byte> audio)
    {
        audio.CopyTo(Session.Audio.GetSpan(audio.Length));
        Session.Audio.Advance(audio.Length);
        return Session.Audio.FlushAsync().AsTask();
    }

    /// <summary>Writes in real time, 100 ms at a time.</summary>
    public void WriteLive(byte[] audio, int bytesPerSecond = 32_000)
    {
        var frame = bytesPerSecond / 10;
        for (var offset = 0; offset < audio.Length; offset += frame)
        {
            Write(audio.AsSpan(offset, Math.Min(frame, audio.Length - offset)));
            Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>As a capture callback does it: in real time, never waiting.</summary>
    public void CaptureLive(byte[] audio)
    {
        for (var offset = 0; offset < audio.Length; offset += 3_200)
        {
            Session.TryWriteAudio(audio.AsSpan(offset, Math.Min(3_200, audio.Length - offset)));
            Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
