using System.Collections.Concurrent;
using System.Globalization;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Faults;

/// <summary>
/// Random audio, cut at random places by random faults. A failure prints the seed of its schedule; SPEECHSTREAM_SEED replays that one,
/// and SPEECHSTREAM_SCHEDULES sets how many there are.
/// </summary>
public abstract class RandomScheduleTests : BothServices
{
    private protected RandomScheduleTests(SpeechService service)
        : base(service)
    {
    }

    private const int AtOnce = 4;

    [Fact]
    public async Task Whatever_happens_to_the_connections_no_word_is_lost()
    {
        if (Setting("SPEECHSTREAM_SEED") is { } seed)
        {
            await new Schedule(seed).RunAsync();
            return;
        }

        var first = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("Seeds from {0} on", first);
        var seeds = Enumerable.Range(0, Setting("SPEECHSTREAM_SCHEDULES") ?? 200).Select(number => first + number);
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (next, _) =>
        {
            try
            {
                await new Schedule(next).RunAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Schedule {next} failed; replay it with SPEECHSTREAM_SEED={next}.", exception);
            }
        });
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>All that is random about a session, from one seed. What the network makes of it may still differ from run to run.</summary>
    private sealed class Schedule(int seed)
    {
        // Faults in a row, without a final in between.
        private const int MostFaultsWithoutFinal = 5;
        private const int BytesPerMillisecond = Speech.BytesPerSecond / 1000;

        private static readonly Fault[] Faults =
            [Fault.Cut, Fault.Cut, Fault.Reset, Fault.Reset, Fault.HalfCloseUp, Fault.HalfCloseDown, Fault.Refuse, Fault.Latency, Fault.Throttle];

        private static readonly string[] Replies = ["101 Switching", "TranscriptionStarted", "SentenceBegin", "SentenceEnd", "\"result\"", "TranscriptionCompleted"];

        private readonly Random _random = new(seed);
        private readonly ConcurrentBag<Task> _healing = [];
        private volatile bool _over;
        private int _bursts;
        private int _left;

        public async Task RunAsync()
        {
            await using var line = await Line.OpenAsync(options => options.MaxReconnectAttempts = 1000);
            var audio = Audio();
            var options = new TranscriptionOptions
            {
                SendRate = _random.Next(3) == 0 ? double.PositiveInfinity : _random.Next(20, 60),
                EnableIntermediateResult = _random.Next(2) == 0,
                EnableWords = _random.Next(2) == 0,
            };
            _bursts = _random.Next(1, 5);
            Arm(line);

            try
            {
                await Transcript.RunAsync(line.Client, audio, options, e => ArmAfterFinal(line, e), _random.Next(1, 20_000));
            }
            finally
            {
                _over = true;
                await Task.WhenAll(_healing);
            }

            await line.QuietAsync();
        }

        private byte[] Audio()
        {
            var audio = new List<byte>();
            for (var part = _random.Next(1, 5); part > 0; part--)
            {
                audio.AddRange(Speech.Noise(_random.NextDouble() * 4, _random.Next()));
                audio.AddRange(new byte[_random.Next(2) * _random.Next(48_000) / 2 * 2]);
            }

            // The service's times are whole milliseconds. Of a shorter rest nobody could tell whether a final covered it.
            return [.. audio.Take(audio.Count / BytesPerMillisecond * BytesPerMillisecond)];
        }

        private void ArmAfterFinal(Line line, TranscriptionEvent item)
        {
            if (item is SentenceEnd && Volatile.Read(ref _left) == 0 && --_bursts > 0)
            {
                Arm(line);
            }
        }

        private void Arm(Line line)
        {
            _left = _random.Next(1, MostFaultsWithoutFinal + 1);
            ArmNext(line);
        }

        private void ArmNext(Line line)
        {
            var fault = Faults[_random.Next(Faults.Length)];

            // Half a request and the end of the stream is a bad request (400), which is no fault of the network's to the client.
            if (fault != Fault.HalfCloseUp && _random.Next(2) == 0)
            {
                line.Proxy.After(_random.Next(1, 200_000) >> _random.Next(8), (Way)_random.Next(2), Act);
            }
            else
            {
                line.Proxy.When(Replies[_random.Next(Replies.Length)], Act, _random.Next(1, 4), passOn: _random.Next(2) == 0);
            }

            void Act()
            {
                line.Proxy.Throttle = null;
                line.Proxy.Latency = TimeSpan.Zero;
                line.Proxy.Inflict(fault);
                if (fault == Fault.Refuse)
                {
                    _healing.Add(AcceptAgainAsync(line));
                }

                if (Interlocked.Decrement(ref _left) > 0)
                {
                    ArmNext(line);
                }
            }
        }

        /// <summary>After two more attempts; a session that was refused when it had what it needed makes none.</summary>
        private async Task AcceptAgainAsync(Line line)
        {
            var before = Attempts();
            await Patience.Until(() => _over || Attempts() > before + 1, "two more attempts were made");
            line.Proxy.Accept();

            int Attempts() => line.Log.Count(Line.NotConnected) + line.Log.Count(Line.Reconnecting);
        }
    }
}

public sealed class RandomScheduleTestsWithNls() : RandomScheduleTests(SpeechService.Nls);

public sealed class RandomScheduleTestsWithDashScope() : RandomScheduleTests(SpeechService.DashScope);
