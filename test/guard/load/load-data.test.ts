import { loadData } from '../../../guard/index.js';

it('reads a small template as Guard does', () => {
  const loaded = loadData('a: 010\nb: !GetAtt x.y\nc: !Select [0, z]\n', 'x.yaml');
  expect(loaded.ok && loaded.value).toStrictEqual({
    a: 10,
    b: { 'Fn::GetAtt': 'x.y' },
    c: { 'Fn::Select': [0, 'z'] },
  });
});
