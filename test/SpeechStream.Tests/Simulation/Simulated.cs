using Microsoft.Extensions.Logging;

namespace SpeechStream.Tests.Simulation;

/// <summary>A session in virtual time: one thread runs the client, the service and the caller, so that every run is the same.</summary>
internal sealed class Simulated : IDisposable
{
    private readonly SpeechStreamClient _client;
    private readonly IAsyncEnumerator<TranscriptionEvent> _events;
    private readonly CancellationTokenSource _consumer = new();
    private Task<bool>? _next;

    public Simulated(Func<Fate>? nextFate = null, Action<SpeechStreamClientOptions>? configure = null, TranscriptionOptions? options = null, ILoggerFactory? log = null)
    {
        Service = new FakeService(Clock, nextFate ?? (() => new Fate()), options?.SampleRate ?? 16000);
        var clientOptions = new SpeechStreamClientOptions
        {
            AppKey = "app-key",
            Credential = SpeechCredential.FromToken("token"),
            TimeProvider = Clock,
            ReconnectDelay = TimeSpan.Zero,
        };
        configure?.Invoke(clientOptions);
        _client = new SpeechStreamClient(clientOptions, log, Service.ConnectAsync, runContinuationsAsynchronously: false);

        // Getting a token is a task of the thread pool; afterwards it is there.
        _client.Context.Tokens.GetAsync(default).AsTask().GetAwaiter().GetResult();
        Session = _client.CreateSession(options);
        _events = Session.Events.GetAsyncEnumerator(_consumer.Token);
    }

    public ManualTimeProvider Clock { get; } = new();

    public FakeService Service { get; }

    public TranscriptionSession Session { get; }

    public List<TranscriptionEvent> Events { get; } = [];

    /// <summary>Once the session is over.</summary>
    public SessionSummary Summary => Session.Completion.Result;

    /// <summary>The consumer reads whatever comes; otherwise only when <see cref="Read"/> is called.</summary>
    public bool ReadsAll { get; set; } = true;

    /// <summary>What the enumeration threw.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>The enumeration has ended, one way or the other.</summary>
    public bool IsOver { get; private set; }

    public Task Start() => Session.StartAsync();

    public void Dispose()
    {
        _client.Dispose();
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

    public void Write(ReadOnlySpan<byte> audio)
    {
        audio.CopyTo(Session.Audio.GetSpan(audio.Length));
        Session.Audio.Advance(audio.Length);
        _ = Session.Audio.FlushAsync().AsTask();
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
}
