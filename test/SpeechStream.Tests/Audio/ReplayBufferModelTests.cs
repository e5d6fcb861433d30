using SpeechStream.Audio;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;
using SpeechStream.Session;

namespace SpeechStream.Tests.Audio;

/// <summary>Random operations on a <see cref="ReplayBuffer"/> and on a naive list of bytes: both must agree after each.</summary>
public sealed class ReplayBufferModelTests
{
    private const int Capacity = 4_000;
    private const int LargestMessage = 3_000;

    private static readonly AudioRate Rate = new(8000);

    [Fact]
    public void Random_operations_match_a_naive_list_of_bytes()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            try
            {
                new Run(seed).Go(operations: 120);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"The run with seed {seed} failed.", exception);
            }
        }
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly bool _usesSpans;
        private readonly ManualTimeProvider _clock = new();
        private readonly ReplayBuffer _buffer;
        private readonly SessionStatistics _statistics;
        private SendCursor _cursor;
        private readonly NaiveBuffer _model = new(Capacity);
        private readonly byte[] _message = new byte[LargestMessage];
        private readonly long _origin;
        private int _reported;

        public Run(int seed)
        {
            _random = new Random(seed);
            _usesSpans = seed % 2 == 0;
            _origin = _clock.GetTimestamp();
            _buffer = BufferUnderTest.BufferOf(Rate, null, Capacity, _clock);
            _statistics = BufferUnderTest.StatisticsOf(Rate, _buffer, _clock);
            _cursor = Connect();
        }

        private TimeSpan Now => _clock.GetElapsedTime(_origin);

        public void Go(int operations)
        {
            for (var i = 0; i < operations; i++)
            {
                Operate();
                var (actual, expected) = (
                    (_buffer.End, _buffer.Unsent, _buffer.Acked, _statistics.Totals.Replayed),
                    ((long)_model.End, (long)_model.Unsent, (long)_model.Acked, Rate.ToTime(_model.Replayed)));
                if (actual != expected)
                {
                    throw new InvalidOperationException($"After operation {i} end, unsent, acknowledged and replayed are {actual} and not {expected}.");
                }
            }
        }

        private void Operate()
        {
            switch (_random.Next(12))
            {
                case < 4:
                    Append();
                    break;
                case < 8:
                    Take();
                    break;
                case 8:
                    var offset = _random.Next(0, _model.End + 1) & ~1;
                    if (_model.MayEndAt(offset))
                    {
                        _cursor.Acknowledge(offset);
                        _model.Acknowledge(offset);
                    }

                    break;
                case 9:
                    Rewind();
                    break;
                default:
                    _clock.Advance(TimeSpan.FromSeconds(_random.NextDouble() * 4));
                    break;
            }
        }

        private void Append()
        {
            var audio = Simulation.LossOracle.Speech(_random.Next(0, 1200), _random.Next());
            if (!_usesSpans)
            {
                // The writer waits when the buffer is full; so does this.
                if (_model.Unsent < Capacity)
                {
                    Write(audio);
                    _model.Write(audio);
                }

                return;
            }

            var taken = _buffer.TryAppend(audio, out _);
            taken.Should().Be(_model.TryWrite(audio));
            if (!taken)
            {
                _buffer.Drop(audio.Length);
                _model.Drop(audio.Length);
            }
        }

        // Into lent memory where there is some, as the intake does.
        private void Write(byte[] audio)
        {
            if (_buffer.TryLend(_random.Next(0, 6_000), out var memory) && memory.Length >= audio.Length)
            {
                audio.CopyTo(memory);
                _buffer.Commit(audio.Length);
            }
            else
            {
                _buffer.Append(audio);
            }
        }

        // A sentence is open all the time, so that nothing but the operations here acknowledges.
        private SendCursor Connect()
        {
            var cursor = _buffer.OpenCursor();
            cursor.MarkSpeech(isSentenceOpen: true);
            return cursor;
        }

        private void Take()
        {
            var next = _cursor.Take(_message);
            var (offset, bytes) = _model.Next(LargestMessage);
            if (next.Count == 0)
            {
                if (bytes.Length >= 1600 || (bytes.Length > 0 && next.Wait > TimeSpan.FromMilliseconds(100)))
                {
                    throw new InvalidOperationException($"{bytes.Length} bytes wait for {next.Wait}: a whole chunk doesn't, and a part of one no longer than 100 ms.");
                }

                return;
            }

            if (next.Offset != offset || !bytes.AsSpan().StartsWith(_message.AsSpan(0, next.Count)))
            {
                throw new InvalidOperationException($"At {next.Offset} other bytes were taken than were written at {offset}.");
            }

            _statistics.CountSent(next.Count, next.Offset);
            _model.Took(offset, next.Count, Now);
        }

        private void Rewind()
        {
            var isSentenceOpen = _random.Next(2) == 0;
            var acked = _model.Acked;
            var gaps = _cursor.Rewind(new TaskRemainder(0, [], isSentenceOpen));
            _cursor = Connect();
            var forgotten = _model.Rewind();
            foreach (var (offset, sentAt) in forgotten)
            {
                // When it was sent is remembered for each 100 ms, not for each byte.
                var age = Now - sentAt;
                var isGap = gaps.Any(gap => gap.From <= offset && offset < gap.To);
                if (!isGap && (isSentenceOpen || age <= TimeSpan.FromSeconds(10)))
                {
                    throw new InvalidOperationException($"The byte at {offset}, sent {age} ago, is lost, and not in the gaps {string.Join(',', gaps)}.");
                }
            }

            var inGaps = gaps.Sum(gap => (int)(gap.To - gap.From));
            inGaps.Should().BeLessThanOrEqualTo(forgotten.Count, "what is still stored is in no gap, nor is a hole that was reported before");
            _reported += inGaps;
            _buffer.Lost.Should().Be(_reported + _model.Holes(0, _model.Acked), $"everything lost up to {_model.Acked} (from {acked}) is counted once");
        }
    }
}
