namespace SpeechStream.Gateway.Tests;

internal sealed class LoudnessDecoder : SpeechDecoder
{
    private double _energy;
    private int _count;

    public override void Start() => (_energy, _count) = (0, 0);

    public override void Write(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            _energy += Math.Pow(sample / 32768.0, 2);
        }

        _count += samples.Length;
    }

    public override DecodedText? Read(bool isFinal) => new($"{10 * Math.Log10(_energy / _count):F0} dB");
}
