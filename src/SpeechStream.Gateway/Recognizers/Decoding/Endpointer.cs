namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Tells speech from background by a frame's energy over a floor that follows the quietest frames.</summary>
internal sealed class Endpointer
{
    /// <summary>Where the floor starts, in dB of full scale: quieter backgrounds are learned at once, louder ones in seconds.</summary>
    private const double InitialFloor = -45;
    private const double Margin = 10;
    private const double RisePerFrame = 0.05;

    /// <summary>Nothing below it is speech, however quiet the background.</summary>
    private const double Threshold = -50;

    private double _floor = InitialFloor;

    public bool IsSpeech(ReadOnlySpan<short> frame)
    {
        double sum = 0, squares = 0;
        foreach (var sample in frame)
        {
            sum += sample;
            squares += (double)sample * sample;
        }

        // Less the mean, as cheap sound cards add a constant.
        var mean = sum / frame.Length;
        var power = (squares / frame.Length - mean * mean) / ((double)short.MaxValue * short.MaxValue);
        var level = 10 * Math.Log10(Math.Max(power, 1e-9));
        _floor = Math.Min(_floor + RisePerFrame, level);
        return level > Math.Max(_floor + Margin, Threshold);
    }
}
