using BenchmarkDotNet.Attributes;
using SpeechStream.Audio;
using SpeechStream.Audio.Intake;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;
using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Questions;

/// <summary>What does a frame cost on its way from the caller into the message that is sent, with the acknowledgement of each sentence?</summary>
[Config(typeof(BenchmarkSettings))]
public class AudioPath
{
    private const int FramesPerSentence = 20;

    private readonly byte[] _message = new byte[16_000];
    private readonly byte[] _kept = new byte[FramesPerSentence * LoadAudio.FrameBytes];
    private SendCursor _cursor = null!;
    private AudioIntake _intake = null!;

    [GlobalSetup]
    public void Setup()
    {
        var rate = new TranscriptionOptions().Rate!.Value;
        var schedule = new SendSchedule(rate, double.PositiveInfinity, double.PositiveInfinity, TimeProvider.System);
        var buffer = new ReplayBuffer(new ReplayMemory(rate, schedule, 1_920_000, TimeProvider.System, new SegmentPool(SegmentPool.BulkBytes)));
        _cursor = buffer.OpenCursor();
        _intake = new AudioIntake(buffer, new IntakeHead(null), 64_000, new Signal(runContinuationsAsynchronously: false), runContinuationsAsynchronously: false);
    }

    /// <summary>The bytes alone: into an array, and out of it.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = FramesPerSentence)]
    public void TwoCopies()
    {
        for (var frame = 0; frame < FramesPerSentence; frame++)
        {
            LoadAudio.Frame.Span.CopyTo(_kept.AsSpan(frame * LoadAudio.FrameBytes));
            _kept.AsSpan(frame * LoadAudio.FrameBytes, LoadAudio.FrameBytes).CopyTo(_message);
        }
    }

    [Benchmark(OperationsPerInvoke = FramesPerSentence)]
    public async Task WriteTakeAcknowledge()
    {
        for (var frame = 0; frame < FramesPerSentence; frame++)
        {
            await _intake.WriteAsync(LoadAudio.Frame);
            _cursor.Take(_message);
        }

        _cursor.Acknowledge(_cursor.Sent);
    }
}
