using SpeechStream.Gateway;

namespace SenseVoiceGateway;

/// <summary>Decodes sentences with a model that takes a whole one: an interim result decodes the sentence so far.</summary>
internal sealed class SenseVoiceDecoder(SenseVoiceModel model) : SpeechDecoder
{
    /// <summary>How much new audio is worth another interim result, in samples: 500 ms.</summary>
    private const int InterimSamples = 8000;

    private readonly FilterBank _filterBank = new(model.Metadata.SampleScale);
    private int _newSamples;
    private DecodedText? _text;

    public override void Start()
    {
        _filterBank.Start();
        _newSamples = 0;
        _text = null;
    }

    public override void Write(ReadOnlySpan<short> samples)
    {
        _filterBank.Write(samples);
        _newSamples += samples.Length;
    }

    public override DecodedText? Read(bool isFinal)
    {
        if (isFinal || _newSamples >= InterimSamples)
        {
            _newSamples = 0;
            _text = Transcript.Of(model.Recognize(_filterBank.Features), model.FrameDuration);
        }

        return _text;
    }
}
