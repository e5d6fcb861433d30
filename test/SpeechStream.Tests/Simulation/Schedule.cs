namespace SpeechStream.Tests.Simulation;

/// <summary>One random run: how the caller writes, what the network does, how the consumer reads. The seed decides everything.</summary>
internal sealed class Schedule
{
    private readonly Random _random;
    private readonly int _bytesPerSecond;
    private readonly byte[] _audio;
    private readonly RandomFates _fates;
    private readonly List<(long From, long To)> _dropped = [];
    private readonly bool _usesSpans;
    private readonly bool _readsSlowly;
    private readonly double _longestPause;
    private readonly TranscriptionOptions _options;
    private readonly TimeSpan _replayWindow;
    private readonly int _eventCapacity;
    private Task? _started;

    public Schedule(int seed)
    {
        _random = new Random(seed);
        _bytesPerSecond = 2 * Pick(8000, 16000);
        _audio = LossOracle.Speech(_random.Next(1, 8 * _bytesPerSecond), seed);
        _usesSpans = Chance(0.4);
        _readsSlowly = Chance(0.3);
        _longestPause = Chance(0.3) ? 15 : 0.5;
        _replayWindow = TimeSpan.FromSeconds(Chance(0.3) ? _random.Next(1, 4) : 60);
        _eventCapacity = Chance(0.3) ? _random.Next(8, 12) : 256;
        _fates = new RandomFates(_random, _bytesPerSecond);
        _options = new()
        {
            SampleRate = _bytesPerSecond / 2,
            SendRate = Pick(1, 1, 1.5, 4, double.PositiveInfinity),
            CatchUpRate = Pick(2, 2, 0.5, 3, double.PositiveInfinity),
            Encoder = seed % 3 == 0 ? new HoldingEncoder() : null,
            SilenceAfter = Chance(0.2) ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Pick(0.3, 1, 5)),
        };
    }

    public void Run()
    {
        using var run = new Simulated(_fates.Next, Configure, _options) { ReadsAll = !_readsSlowly };
        _started = Chance(0.5) ? run.Start() : null;
        Write(run);
        _started ??= run.Start();
        if (Chance(0.3))
        {
            run.Advance(_random.NextDouble() * _longestPause);
        }

        run.Session.Audio.Complete();
        for (var i = 0; i < 4000 && !run.IsOver; i++)
        {
            Pass(run, 0.1 + _random.NextDouble());
        }

        run.Thrown.Should().BeNull();
        run.IsOver.Should().BeTrue("the session comes to its end");
        _started.IsCompletedSuccessfully.Should().BeTrue();
        var oracle = new LossOracle(run.Events, _audio, _bytesPerSecond, _dropped) { MayOvertake = _fates.Manner.Overtakes };
        oracle.Check();
        CheckSummary(run);
        CheckGivenUp(run, oracle);
    }

    private void Write(Simulated run)
    {
        var offset = 0;
        Task<System.IO.Pipelines.FlushResult>? flush = null;
        while (offset < _audio.Length)
        {
            if (flush is { IsCompleted: false })
            {
                _started ??= run.Start();
                Pass(run, 0.05);
                continue;
            }

            var frame = Math.Min(_audio.Length - offset, _random.Next(1, Chance(0.2) ? 20_000 : 2_000));
            if (_usesSpans)
            {
                if (!run.Session.TryWriteAudio(_audio.AsSpan(offset, frame)))
                {
                    _dropped.Add((offset, offset + frame));
                }
            }
            else
            {
                _audio.AsSpan(offset, frame).CopyTo(run.Session.Audio.GetSpan(frame));
                run.Session.Audio.Advance(frame);
                flush = run.Session.Audio.FlushAsync().AsTask();
            }

            offset += frame;
            Pass(run, Chance(0.1) ? _random.NextDouble() * _longestPause : frame / (double)_bytesPerSecond * (0.5 + _random.NextDouble()));
        }
    }

    private void Pass(Simulated run, double seconds)
    {
        run.Advance(seconds);
        if (_readsSlowly)
        {
            run.Read(_random.Next(0, 3));
        }
    }

    private void Configure(SpeechStreamClientOptions options)
    {
        options.ReplayWindow = _replayWindow;
        options.EventCapacity = _eventCapacity;
        options.MaxReconnectAttempts = 100;
        options.ReconnectDelay = TimeSpan.FromSeconds(Pick(0, 0.25, 2));
    }

    /// <summary>Only overtaken sentences are given up, and what a small window has forgotten.</summary>
    private void CheckGivenUp(Simulated run, LossOracle oracle)
    {
        if (_replayWindow.TotalSeconds * _bytesPerSecond >= _audio.Length)
        {
            oracle.GivenUpBytes.Should().Be(run.Service.OvertakenBytes);
        }
        else
        {
            oracle.GivenUpBytes.Should().BeGreaterThanOrEqualTo(run.Service.OvertakenBytes);
        }
    }

    private static void CheckSummary(Simulated run)
    {
        var summary = run.Session.Completion.Result;
        var gaps = run.Events.OfType<AudioGap>().Aggregate(TimeSpan.Zero, (sum, gap) => sum + gap.To - gap.From);
        summary.Drained.Should().BeTrue();
        summary.Error.Should().BeNull();
        summary.Sentences.Should().Be(run.Events.OfType<SentenceEnd>().Count());
        summary.Reconnects.Should().Be(run.Events.OfType<Reconnected>().Count());
        summary.AudioLost.Should().Be(gaps);
        (summary.AudioFinalized + summary.AudioLost).Should().Be(summary.AudioWritten);
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().Be(0, "nothing is left running");
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
