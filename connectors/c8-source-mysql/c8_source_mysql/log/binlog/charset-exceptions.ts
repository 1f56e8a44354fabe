/** Characters from one code on, in the order of the codes: as a text, or as a number of characters that follow each other in Unicode, and the first of them. */
export type Exception = readonly [code: number, text: string] | readonly [code: number, count: number, first: number];

/** Where the tables of both servers differ from those of the library. `\ufffd` is what the server has for a character that Unicode did not have. Codes without a character are not listed: the server makes them `?`. */
export const exceptions: Readonly<Record<string, readonly Exception[]>> = {
  big5: [
    [0xa145, '•'],
    [0xa14e, '\uff64'],
    [0xa15a, '\ufffd'],
    [0xa1c2, '‾\ufffd'],
    [0xa1c5, '\ufffd'],
    [0xa1e3, '∼'],
    [0xa1f2, '♁☉'],
    [0xa1fe, '\ufffd\ufffd\uff0f\uff3c'],
    [0xa244, '¥'],
    [0xa246, '¢£'],
    [0xa2cc, '\ufffd'],
    [0xa2ce, '\ufffd'],
    [
      0xc6a1,
      'ヾゝゞ々ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽',
    ],
  ],
  gb2312: [
    [0xa1a4, '・'],
    [0xa1aa, '―'],
  ],
  gb18030: [[0xa3a0, '\ue5e5']],
  sjis: [
    [0x815f, '\\〜‖'],
    [0x817c, '−'],
    [0x8191, '¢£'],
    [0x81ca, '¬'],
  ],
  cp932: [[0xf941, 187, 0xe69d]],
  ujis: [
    [0xa1c0, '\\〜‖'],
    [0xa1dd, '−'],
    [0xa1f1, '¢£'],
    [0xa2cc, '¬'],
    [0xf5a1, 940, 0xe000],
    [0x8fa2b7, '~'],
    [0x8ff5a1, 940, 0xe3ac],
  ],
  eucjpms: [
    [0xf5a1, 940, 0xe000],
    [0x8fa2c3, '\uffe4'],
    [
      0x8ff3f3,
      'ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ\uff07\uff02㈱№℡炻仼僴凬匇匤\ufa0e咊坙\ufa0f\ufa10增寬峵嵓\ufa11德悅愠敎昻晥\ufa12\uf929栁\ufa13\ufa14橫櫢淸淲瀨\ufa15\ufa16甁皂皞\ufa17礰\ufa18\ufa19\ufa1a\ufa1b竧\ufa1c\ufa1d綠緖\ufa1e荢\ufa1f薰\ufa20\ufa21蠇\ufa22譿賴赶\ufa23\ufa24\ufa25郞\ufa26鄕\ufa27\ufa28閒\uf9dc\ufa29霻靍靑\ufa2a\ufa2b\ufa2c馞髙魲\ufa2d黑',
    ],
    [0x8ff5a1, 940, 0xe3ac],
  ],
};
