using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>Reads the current value of the reader. It may leave an object or array that it doesn't need unread.</summary>
internal delegate void FieldReader<T>(ref Utf8JsonReader reader, ref T into);

/// <summary>Reads the fields of one kind of object, in any order. A field without an entry is skipped, with everything in it.</summary>
/// <remarks>Names are compared as bytes, so that reading allocates no string for them.</remarks>
internal sealed class JsonFields<T>
{
    private readonly (byte[] Name, FieldReader<T> Read)[] _fields;

    public JsonFields(params (string Name, FieldReader<T> Read)[] fields) =>
        _fields = Array.ConvertAll(fields, field => (Encoding.UTF8.GetBytes(field.Name), field.Read));

    /// <summary>Reads the current object of the reader to its end. A value of another kind counts as missing.</summary>
    /// <exception cref="JsonException">The JSON is malformed.</exception>
    /// <exception cref="InvalidOperationException">A string in the JSON isn't valid text.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ref Utf8JsonReader reader, ref T into)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var read = Find(ref reader);
            reader.Read();
            read?.Invoke(ref reader, ref into);
            SkipRest(ref reader);
        }
    }

    /// <summary>Reads the current array of objects into a new one, which is empty when the value isn't an array. Other elements are left out.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="empty">What each element is before its fields are read.</param>
    /// <param name="make">Makes the element of what was read.</param>
    /// <param name="elements">Collects the elements, so that only an array of the right length is allocated. The caller uses it for nothing else.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TElement[] ReadArray<TElement>(ref Utf8JsonReader reader, T empty, Func<T, TElement> make, List<TElement> elements)
    {
        elements.Clear();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return [];
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var element = empty;
                Read(ref reader, ref element);
                elements.Add(make(element));
            }
            else
            {
                SkipRest(ref reader);
            }
        }

        var array = elements.ToArray();
        elements.Clear();
        return array;
    }

    // Most values are read already. The reader's own Skip would find that out more slowly.
    private static void SkipRest(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private FieldReader<T>? Find(ref Utf8JsonReader reader)
    {
        // The reader's own comparison costs a call for each field, which this one spares unless the lengths are the same. It is needed for a name with \u in it.
        var given = reader.ValueSpan;
        var isEscaped = reader.ValueIsEscaped;
        foreach (var (name, read) in _fields)
        {
            if (isEscaped ? reader.ValueTextEquals(name) : given.SequenceEqual(name))
            {
                return read;
            }
        }

        return null;
    }
}
